"""AWS's side of the emulated plugin: requests made from inputs, and state made from answers."""
