"""One module a maker of recorders; reached through the factory only."""
