package dev.tenon.consumer;

import dev.tenon.ws.frame.Placeholder;

/** Uses one module of Tenon. */
public final class Main {

    private Main() {}

    public static void main(String... args) {
        System.out.println("hello from " + Placeholder.class.getModule().getName());
    }
}
