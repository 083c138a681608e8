"""How good the answers are: gold sets, metrics, runs. This room changes neither the index nor the answers."""
