"""Files in folders that others can write to as well."""
