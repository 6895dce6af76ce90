"""The common ground of the emulated plugins: the wire protocol, the SDKs' classes, comparison."""
