"""What each code means that a finding, an error, a hold or the doctor carries; docs/errors.md is made of it."""
