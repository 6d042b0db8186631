/**
 * Arbitraries of protocol values, laws to subclass, a wire in memory and a scripted peer. The README of this module
 * explains them.
 *
 * <pre>{@code
 * @ForAll value, good or broken -> code under test -> law                     Frames, Handshakes; CodecLaws, ExtensionLaws
 * connection <-> wire: split, delay, cut <-> connection, under one clock      MemoryWire; TransportLaws for another wire
 * scripted peer <-> connection in memory, or a server behind a socket         ScriptedPeer
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.testkit;

import org.jspecify.annotations.NullMarked;
