"""Reading registers that others keep: from a file to facts. Nothing here touches the database."""
