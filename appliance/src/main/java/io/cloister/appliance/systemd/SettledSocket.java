package io.cloister.appliance.systemd;

import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLSocket;

/** A server's TLS socket whose manner its listener has settled: nothing of it can be set. */
abstract class SettledSocket extends SSLSocket {
  @Override
  public boolean getUseClientMode() {
    return false;
  }

  @Override
  public boolean getNeedClientAuth() {
    return false;
  }

  @Override
  public boolean getWantClientAuth() {
    return false;
  }

  @Override
  public boolean getEnableSessionCreation() {
    return true;
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    throw settled();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    throw settled();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    throw settled();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    throw settled();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    throw settled();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    throw settled();
  }

  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
    throw settled();
  }

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
    throw settled();
  }

  private static UnsupportedOperationException settled() {
    return new UnsupportedOperationException("the listener has settled this");
  }
}
