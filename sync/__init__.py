"""Pure synchronisation engine: values in, values out."""
