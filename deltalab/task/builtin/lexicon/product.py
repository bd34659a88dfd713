"""Things bought in a shop: the device, its parts, the trade."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.opinion import Domain, Kind
from deltalab.task.builtin.recipe import words

__all__ = ["PRODUCT"]

DEVICE = Kind(
    words(
        "the blender, the vacuum cleaner, the toaster, the camera, the phone, the laptop, the kettle, the bicycle, "
        "the lawn mower, the drill, the printer, the headset, the tent, the backpack, the flashlight, the iron, "
        "the hair dryer, the coffee maker, the heater, the radio, the watch, the fridge, the speaker, the sewing "
        "machine"
    ),
    words("reliable powerful handy sturdy durable practical efficient versatile compact quiet lightweight robust"),
    words("defective flimsy fragile noisy weak impractical clunky unreliable heavy faulty outdated unsafe"),
)
PART = Kind(
    words(
        "the battery, the screen, the handle, the keyboard, the charger, the cable, the lid, the button, the lens, "
        "the motor, the zipper, the filter, the remote control, the software, the plug, the strap, the blade, "
        "the power switch, the rubber seal, the touchpad"
    ),
    words("precise smooth solid well-made responsive accurate ergonomic long-lasting flexible waterproof"),
    words("loose wobbly brittle leaky rusty scratched crooked sluggish cracked worthless"),
)
TRADE = Kind(
    words(
        "the delivery, the packaging, the manual, the warranty, the customer service, the seller, the refund, "
        "the hotline, the website, the repair shop, the courier, the return policy, the price, the invoice, the store, "
        "the exchange, the assembly guide, the guarantee, the discount, the support team"
    ),
    words("fair prompt helpful fast clear generous trustworthy reasonable honest dependable"),
    words("slow misleading confusing dishonest overpriced unhelpful late chaotic rude unfair"),
)
PRODUCT = Domain(
    (DEVICE, PART, TRADE),
    words(
        "I bought it on a {word} morning, my {person} had called it {word}, it replaces a {word} older model, "
        "the advertisement promised something {word}, I needed it for a {word} camping trip, "
        "my {person} had seen a {word} video about it, it was a present from a {word} aunt, "
        "I had it shipped during a {word} holiday"
    ),
)
