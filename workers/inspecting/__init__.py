"""The story of drift: comparing what runs with what was brought, on a timer, and what comes of it."""
