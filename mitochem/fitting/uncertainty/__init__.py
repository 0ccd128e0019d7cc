"""How sure a fit is: profile likelihoods, the bootstrap, the posterior."""
