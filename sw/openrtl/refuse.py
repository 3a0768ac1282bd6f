"""The one error of this backend: what can't be lowered exactly is refused, by name, at once."""

from __future__ import annotations

NETWORK = "network"  # in place of a layer's name, for what concerns no single one


class RefusedError(NotImplementedError):
    """Says which layer, why, and what would work instead."""

    def __init__(self, layer: str, reason: str, instead: str) -> None:
        where = layer if layer.startswith((NETWORK, "input ")) else f"layer {layer}"
        super().__init__(f"{where}: {reason}; {instead}")
        self.layer, self.reason, self.instead = layer, reason, instead
