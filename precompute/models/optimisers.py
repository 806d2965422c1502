"""What every training of ours shares: optimizers, the course of their learning rates, and state kept in a file."""

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
    """Share of the peak learning rate at `step`, counted from 0: linear warm-up, then half a cosine down to 1 %
    (Loshchilov & Hutter 2017)."""
    warm = min(1.0, (step + 1) / warmup)
    return warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def adamw(weights: Sequence[Any], peak: float, decay: float) -> Any:
    """AdamW (Loshchilov & Hutter 2019) whose rate rises to `peak`."""
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
    """The weights that learn, by name, and the optimizers (of `adamw` and `muon`) that change them."""

    weights: Mapping[str, torch.nn.Parameter]
    optimizers: Sequence[Any]

    def begin(self, share: float) -> None:
        """Before a step: forget the gradients, and learn at this share of the peak rates."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * share
            optimizer.zero_grad(set_to_none=True)

    def step(self) -> None:
        for optimizer in self.optimizers:
            optimizer.step()

    def write(self, path: Path, fingerprint: str, step: int) -> None:
        """Weights and what the optimizers remember, as safetensors, to a temporary file that is then renamed."""
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
        """Take over what `path` holds and return the number of steps done; 0 where it belongs to no such training."""
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
                self._moments(weight).update({k: file.get_tensor(f"{k}/{name}") for k in kept if k != "weight"})
        return int(about["step"])

    def _moments(self, weight: torch.nn.Parameter) -> dict[str, torch.Tensor]:
        """What the optimizer of a weight remembers of it."""
        for optimizer in self.optimizers:
            if any(weight is own for group in optimizer.param_groups for own in group["params"]):
                moments: dict[str, torch.Tensor] = optimizer.state[weight]
                return moments
        raise KeyError("a weight that no optimizer has")
