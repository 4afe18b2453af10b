"""Traces leave here, from one thread of the dispatcher, for an OpenTelemetry collector: read from the store."""
