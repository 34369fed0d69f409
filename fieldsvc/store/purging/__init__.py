"""What goes when its time is over: who looked, values of records that are gone, photos of households that are gone."""
