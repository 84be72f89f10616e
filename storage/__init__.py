"""Tables, repositories, the unit of work, migrations and the vault of files."""
