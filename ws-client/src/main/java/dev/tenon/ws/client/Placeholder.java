package dev.tenon.ws.client;

/** Lets the empty package be exported until its first type is written. */
public enum Placeholder {}
