"""The live plane: real servers, balancers, stores and DNS that follow what stands in the emulated account."""
