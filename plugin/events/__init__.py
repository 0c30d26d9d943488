"""The published language: frozen, versioned events, one module per feature, and the wants."""
