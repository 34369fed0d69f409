"""Field-survey server and phone app for household visits."""
