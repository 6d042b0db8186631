package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;

class ModulePathProperties {

    @Example
    void propertiesRunInsideTheModuleUnderTest() {
        assertEquals("dev.tenon.ws.frame", getClass().getModule().getName());
    }
}
