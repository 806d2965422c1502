"""Tiny models of the real classes with random weights, in folders laid out as the released ones are on the hub."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sentencepiece
import torch
import transformers  # its classes are loaded where they are named
from tokenizers import Tokenizer, models, pre_tokenizers, processors

SIDE, PATCH = 28, 14
MEAN, STD = [0.5, 0.4, 0.3], [0.3, 0.2, 0.25]
SOURCE = ("A cat waves.", "The dog is happy and jumps.", "It says good night to a sad friend.", "Why? A sticker!") * 8
TARGET = ("一只猫在挥手。", "小狗很开心，跳了起来。", "它对难过的朋友说晚安。", "为什么？一张表情！") * 8
WORDS = ("cat", "dog", "happy", "sad", "USER", "ASSISTANT", "sticker", "1.", "2.", "|", "，")

PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "猫", "狗", "笑", "cat", "moon")


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, torch uses one thread: for models this small, waiting for another takes longer than the work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def chinese_clip(folder: Path, seed: int = 0) -> Path:
    """A Chinese-CLIP with its configuration of pictures; its mean and deviation are nobody else's."""
    torch.manual_seed(seed)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    shape = transformers.ChineseCLIPConfig(
        text_config={**small, "vocab_size": len(PIECES)},
        vision_config={**small, "image_size": SIDE, "patch_size": PATCH},
        projection_dim=24,
    )
    transformers.ChineseCLIPModel(shape).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    _write(
        folder / "preprocessor_config.json",
        {
            "do_center_crop": False,
            "do_normalize": True,
            "do_resize": True,
            "image_mean": MEAN,
            "image_processor_type": "ChineseCLIPImageProcessor",
            "image_std": STD,
            "size": {"height": SIDE, "width": SIDE},
        },
    )
    return folder


def llava(folder: Path, seed: int = 0, width: int = 16) -> Path:
    """A LLaVA as 1.5-7B is: image tokens and padding last in its vocabulary, features of the last layer but one.

    width: of its language model; 64 is the least that weights in 4 bits come in blocks of.
    """
    tokenizer = _tokenizer()
    torch.manual_seed(seed)
    vision = transformers.CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=SIDE,
        patch_size=PATCH,
    )
    text = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=tokenizer.pad_token_id,
    )
    shape = transformers.LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=(SIDE // PATCH) ** 2,
        vision_feature_select_strategy="default",
        vision_feature_layer=-2,
    )
    transformers.LlavaForConditionalGeneration(shape).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    side = {"height": SIDE, "width": SIDE}
    _write(
        folder / "preprocessor_config.json",
        {
            "crop_size": side,
            "do_center_crop": True,
            "do_convert_rgb": True,
            "do_normalize": True,
            "do_rescale": True,
            "do_resize": True,
            "image_mean": MEAN,
            "image_processor_type": "CLIPImageProcessor",
            "image_std": STD,
            "processor_class": "LlavaProcessor",
            "resample": 3,
            "rescale_factor": 1 / 255,
            "size": {"shortest_edge": SIDE},
        },
    )
    _write(
        folder / "processor_config.json",
        {
            "image_token": "<image>",
            "num_additional_image_tokens": 1,
            "patch_size": PATCH,
            "processor_class": "LlavaProcessor",
            "vision_feature_select_strategy": "default",
        },
    )
    return folder


def opus_mt(folder: Path, seed: int = 0) -> Path:
    """A MarianMT with sentence pieces of its own, and the codes of two kinds of Chinese among them, as released."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[str] = []
    for name, text in {"source": SOURCE, "target": TARGET}.items():
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(text), model_writer=model, vocab_size=60, hard_vocab_limit=False, minloglevel=2
        )
        (folder / f"{name}.spm").write_bytes(model.getvalue())
        read = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
        pieces += [read.id_to_piece(number) for number in range(read.get_piece_size())]
    special = ("</s>", "<unk>")
    words = [*special, *(piece for piece in dict.fromkeys(pieces) if piece not in (*special, "<s>"))]
    vocabulary = [*words, ">>cmn_Hans<<", ">>cmn_Hant<<", "<pad>"]
    _write(folder / "vocab.json", {word: number for number, word in enumerate(vocabulary)})
    _write(folder / "tokenizer_config.json", {"source_lang": "eng", "target_lang": "zho", "model_max_length": 512})
    torch.manual_seed(seed)
    last = len(vocabulary) - 1
    shape = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=512,
        pad_token_id=last,
        decoder_start_token_id=last,
        eos_token_id=0,
        forced_eos_token_id=0,
        scale_embedding=True,
        static_position_embeddings=True,
        init_std=0.5,  # what it says depends on what it reads
    )
    model = transformers.MarianMTModel(shape)
    model.generation_config.bad_words_ids = [[last]]
    model.generation_config.num_beams = 4  # as released: whoever wants greedy has to say so
    model.save_pretrained(folder)
    return folder


def _tokenizer() -> transformers.PreTrainedTokenizerFast:
    ids = {word: number for number, word in enumerate(("<unk>", "<s>", "</s>", *WORDS, "<image>", "<pad>"))}
    backend = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("，", "isolated")]
    )
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        additional_special_tokens=["<image>"],
        padding_side="right",
    )


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")
