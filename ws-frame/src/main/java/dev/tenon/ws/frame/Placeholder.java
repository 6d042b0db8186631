package dev.tenon.ws.frame;

/** Lets the empty package be exported until its first type is written. */
public enum Placeholder {}
