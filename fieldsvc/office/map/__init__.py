"""The office's map: houses in view, coloured by what waits there, over a plain ground or the county's own tiles."""
