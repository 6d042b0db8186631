package dev.tenon.ws.transport;

/** Lets the empty package be exported until its first type is written. */
public enum Placeholder {}
