"""What the emulated plugins share: the wire protocol, the SDKs' classes, comparison."""
