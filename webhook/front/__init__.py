"""The non-blocking front: requests are gathered here, without a thread each, and handed in only when they are whole."""
