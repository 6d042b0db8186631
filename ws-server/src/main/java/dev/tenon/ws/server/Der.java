package dev.tenon.ws.server;

import java.io.ByteArrayOutputStream;

/** As much of DER (X.690) as it takes to put an RSA or EC private key into PKCS#8 (RFC 5958 §2). */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {2, 1, 0};

    private Der() {}

    /**
     * A private key as PKCS#8.
     *
     * @param publicKey the public key as {@code SubjectPublicKeyInfo}, which begins with the algorithm
     * @param key PKCS#1 (RFC 8017 §A.1.2) or SEC 1 (RFC 5915 §3)
     */
    static byte[] pkcs8(byte[] publicKey, byte[] key) {
        int algorithm = contentStart(publicKey, 0);
        int length = contentStart(publicKey, algorithm) - algorithm + contentLength(publicKey, algorithm);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.write(publicKey, algorithm, length);
        content.writeBytes(value(OCTET_STRING, key));
        return value(SEQUENCE, content.toByteArray());
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** Where the content of the value at an index begins. */
    private static int contentStart(byte[] der, int index) {
        int first = der[index + 1] & 0xFF;
        return index + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int contentLength(byte[] der, int index) {
        int first = der[index + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = (length << 8) | (der[index + 2 + i] & 0xFF);
        }
        return length;
    }
}
