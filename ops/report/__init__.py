"""`ha-web report`: one page on a stack, for whoever asks how it stands."""
