"""Where the vans go: expected yields, a plan of whole numbers, and the proof that it carries. Pure (decision 0026)."""
