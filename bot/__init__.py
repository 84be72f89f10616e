"""The edge: process, command line, settings, channels, dispatch, delivery, jobs, web."""
