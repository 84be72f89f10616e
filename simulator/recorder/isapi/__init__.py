"""The recorder's ISAPI face: HTTP with XML, as Hikvision recorders speak it."""
