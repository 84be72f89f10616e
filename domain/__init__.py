"""The school's rules as pure functions: no clock, no input or output, no asyncio."""
