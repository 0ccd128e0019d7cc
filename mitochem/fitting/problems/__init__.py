"""What is fitted to what: laws and models, experiments, what is free, and the unknowns that follow."""
