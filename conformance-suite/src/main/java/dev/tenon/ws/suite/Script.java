package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Builds the steps of a case. Not thread-safe. */
final class Script {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final List<Step> steps = new ArrayList<>();

    /** An empty script. */
    static Script script() {
        return new Script();
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    private Script add(Step step) {
        steps.add(step);
        return this;
    }

    /** Frames in one write. */
    Script send(WireFrame... frames) {
        return sendInChunks(UNLIMITED, frames);
    }

    /** Frames in writes of {@code chunkLength} bytes. */
    Script sendInChunks(int chunkLength, WireFrame... frames) {
        return add(new SendSteps.Frames(List.of(frames), chunkLength));
    }

    Script send(List<WireFrame> frames) {
        return add(new SendSteps.Frames(List.copyOf(frames), UNLIMITED));
    }

    Script raw(byte[] bytes, String what) {
        return add(new SendSteps.Raw(bytes, what));
    }

    Script sendCompressed(WireFrame frame) {
        return add(new SendSteps.Compressed(frame));
    }

    /** The header and the beginning of the payload. */
    Script sendBegin(WireFrame frame, int length) {
        return add(new SendSteps.Part(frame, 0, length));
    }

    /** The rest of the payload. */
    Script sendRest(WireFrame frame, int from) {
        return add(new SendSteps.Part(frame, from, frame.payload().length));
    }

    /** Sends only a header, for which the peer must fail the connection. */
    Script failsOnHeader(WireFrame frame, Integer... codes) {
        return sendBegin(frame, 0).failsAlready(codes).sendRest(frame, 0).fails(codes);
    }

    /** Sends a message, compressed if negotiated, and expects its echo. */
    Script echoes(boolean text, byte[] data) {
        return echoes(text, data, Integer.MAX_VALUE, UNLIMITED);
    }

    Script echoes(boolean text, byte[] data, int fragment, int chunkLength) {
        return add(new SendSteps.Message(text, data, fragment, chunkLength)).add(new Expectations.Echo(text, data));
    }

    Script expectText(String text) {
        return add(new Expectations.Echo(true, Octets.utf8(text)));
    }

    Script expectText(byte[] utf8) {
        return add(new Expectations.Echo(true, utf8));
    }

    Script expectBinary(byte[] data) {
        return add(new Expectations.Echo(false, data));
    }

    Script expectPong(byte[] payload) {
        return add(new Expectations.Pong(payload, false));
    }

    Script expectPong(String payload) {
        return expectPong(Octets.utf8(payload));
    }

    /** Expects the pong of the last of several pings; pongs of the others may precede it. */
    Script expectLastPong(String payload) {
        return add(new Expectations.Pong(Octets.utf8(payload), true));
    }

    Script failsAlready(Integer... codes) {
        return add(new Expectations.FailsAlready(codes(codes)));
    }

    Script fails(Integer... codes) {
        return add(new Expectations.Fails(codes(codes)));
    }

    /** Expects the response to a Close frame with one of the codes, and the end of the connection. */
    Script closes(Integer... codes) {
        return add(new Expectations.Closes(codes(codes), false));
    }

    /** Expects any response to a Close frame whose code the RFC leaves to registries. */
    Script closesOrFails() {
        return add(new Expectations.Closes(Set.of(), true));
    }

    /** Performs the closing handshake. */
    Script close() {
        return send(WireFrame.close(1000, "")).closes(1000);
    }

    Script freshKeys() {
        return add(new Expectations.FreshKeys());
    }

    Script needsContext() {
        return add(new Expectations.NeedsContext());
    }

    Script echoOrFails(Integer... codes) {
        return add(new Expectations.EchoOrFails(codes(codes)));
    }

    Script skip(String reason) {
        return add(new Expectations.Skip(reason));
    }

    private static Set<Integer> codes(Integer... codes) {
        return new TreeSet<>(Arrays.asList(codes));
    }
}
