"""Files in folders that others may write to as well."""
