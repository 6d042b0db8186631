package dev.tenon.ws.examples.crc;

import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.testkit.ExtensionLaws;

class Crc32cProperties extends ExtensionLaws {
    @Override
    protected ExtensionProvider provider() {
        return new Crc32cProvider();
    }
}
