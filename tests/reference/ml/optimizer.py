#!/usr/bin/env python3
"""Makes the numbers of `ml/train/optimizer.rs`'s test: five steps of torch.optim.AdamW (torch 2.8.0) on three numbers.

usage: optimizer.py"""
import torch

x = torch.tensor([[0.5, -1.0, 2.0]], requires_grad=True)
optimizer = torch.optim.AdamW([x], lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)
for step in range(5):
    optimizer.zero_grad()
    x.grad = torch.tensor([[0.1 * (step + 1), -0.3, 1.0 / (step + 1)]])
    optimizer.step()
print([f"{v:.7f}" for v in x.detach().flatten().tolist()])
