"""Optimisers, learning-rate schedules and training state in a file: what all trainings here share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

#: (step done, steps in all, loss) -> nothing
Progress = Callable[[int, int, float], None]


def rate_share(step: int, steps: int, warmup: int) -> float:
    """The share of the peak learning rate at `step`, counted from 0: linear warm-up, then half a cosine down to 1 %
    (Loshchilov & Hutter 2017).
    """
    warm = min(1.0, (step + 1) / warmup)
    return warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def adamw(weights: Sequence[Any], peak: float, decay: float) -> Any:
    """AdamW (Loshchilov & Hutter 2019) with the peak rate `peak`."""
    import torch

    return _with_peak(torch.optim.AdamW(weights, peak, weight_decay=decay, betas=(0.9, 0.98)), peak)


def muon(matrices: Sequence[Any], peak: float, decay: float) -> Any:
    """Muon (Jordan et al. 2024; torch.optim.Muon), which makes the updates of matrices orthogonal."""
    import torch

    return _with_peak(torch.optim.Muon(matrices, peak, weight_decay=decay, adjust_lr_fn="match_rms_adamw"), peak)


def _with_peak(optimizer: Any, peak: float) -> Any:
    optimizer.param_groups[0]["peak"] = peak
    return optimizer


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """The trainable weights by name, and the optimisers (from `adamw` and `muon`) that update them."""

    weights: Mapping[str, torch.nn.Parameter]
    optimizers: Sequence[Any]

    def begin(self, share: float) -> None:
        """Prepare a step: clear the gradients and set every rate to this share of its peak."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * share
            optimizer.zero_grad(set_to_none=True)

    def step(self) -> None:
        """Update the weights by their gradients."""
        for optimizer in self.optimizers:
            optimizer.step()

    def write(self, path: Path, fingerprint: str, step: int) -> None:
        """Write weights and optimiser state as safetensors to a temporary file, and rename it to `path`."""
        from safetensors.torch import save_file

        tensors = {}
        for name, weight in self.weights.items():
            tensors[f"weight/{name}"] = weight.detach().contiguous()
            tensors.update({f"{key}/{name}": value.contiguous() for key, value in self._moments(weight).items()})
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        save_file(tensors, temporary, {"step": str(step), "fingerprint": fingerprint})
        temporary.replace(path)

    def read(self, path: Path, fingerprint: str) -> int:
        """Restore the state in `path` and return the number of steps done; 0 if it belongs to another training."""
        import torch
        from safetensors import safe_open

        if not path.is_file():
            return 0
        with safe_open(path, "pt") as file, torch.no_grad():
            about = file.metadata() or {}
            if about.get("fingerprint") != fingerprint:
                return 0
            for name, weight in self.weights.items():
                weight.copy_(file.get_tensor(f"weight/{name}"))
                kept = [key.removesuffix(f"/{name}") for key in file.keys() if key.endswith(f"/{name}")]  # noqa: SIM118
                for key in kept:
                    if key != "weight":  # the step count stays on the CPU
                        value = file.get_tensor(f"{key}/{name}")
                        self._moments(weight)[key] = value if key == "step" else value.to(weight.device)
        return int(about["step"])

    def _moments(self, weight: torch.nn.Parameter) -> dict[str, torch.Tensor]:
        """The optimiser's state for a weight."""
        for optimizer in self.optimizers:
            if any(weight is own for group in optimizer.param_groups for own in group["params"]):
                moments: dict[str, torch.Tensor] = optimizer.state[weight]
                return moments
        raise KeyError("a weight that no optimizer has")
