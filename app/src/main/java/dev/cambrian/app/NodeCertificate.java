package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** What a node shows to others over TLS, checked before it is used: certificate, key, and who must have signed theirs. */
final class NodeCertificate {
  private static final int CONNECT_MILLIS = 3000;
  private static final int HANDSHAKE_MILLIS = 10_000;

  /** A node that does not like a certificate says so at once after the handshake. */
  private static final int REFUSAL_MILLIS = 1000;

  private final ClusterSettings.Tls files;
  private final SSLContext context;

  private NodeCertificate(ClusterSettings.Tls files, SSLContext context) {
    this.files = files;
    this.context = context;
  }

  /**
   * Reads the files.
   *
   * @throws UserError where one is missing or they do not belong together
   */
  static NodeCertificate read(ClusterSettings.Tls files) {
    X509Certificate authority = read("ca", files.authority(), Pem::certificate);
    X509Certificate own = read("certificate", files.certificate(), Pem::certificate);
    PrivateKey key = read("key", files.key(), Pem::privateKey);
    try {
      own.checkValidity();
    } catch (CertificateException e) {
      throw wrong("certificate", files.certificate(), "is not valid now: " + e.getMessage());
    }
    try {
      own.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw wrong("certificate", files.certificate(), "was not signed by the authority in " + files.authority());
    }
    if (!belongs(key, own)) {
      throw wrong("key", files.key(), "is not the key of the certificate in " + files.certificate());
    }
    return new NodeCertificate(files, context(authority, own, key));
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read(Path file) throws IOException, GeneralSecurityException;
  }

  private static <T> T read(String key, Path file, Reading<T> reading) {
    if (!Files.isReadable(file)) {
      throw wrong(key, file, "cannot be read; 'cambrian cluster certs' makes such files");
    }
    try {
      return reading.read(file);
    } catch (IOException | GeneralSecurityException e) {
      throw wrong(key, file, "is no PEM file of the right kind: " + e.getMessage());
    }
  }

  private static UserError wrong(String key, Path file, String what) {
    return UserError.failed("cambrian.cluster.tls." + key + ": " + file + " " + what + ".");
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    try {
      byte[] something = {1, 2, 3};
      Signature signature = Signature.getInstance("SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(certificate);
      signature.update(something);
      return signature.verify(signed);
    } catch (GeneralSecurityException notOfOneKind) {
      return false;
    }
  }

  private static SSLContext context(X509Certificate authority, X509Certificate own, PrivateKey key) {
    try {
      char[] none = new char[0];
      KeyStore mine = KeyStore.getInstance("PKCS12");
      mine.load(null, null);
      mine.setKeyEntry("node", key, none, new Certificate[] {own});
      KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(mine, none);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", authority);
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java platform has TLS 1.3 and PKCS12", e);
    }
  }

  /**
   * Shows itself to a node that may be there.
   *
   * @param node {@code HOST:PORT}
   * @throws UserError where one is there, and one of the two does not trust the other
   */
  void show(String node) {
    int colon = node.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(node.substring(0, colon), Integer.parseInt(node.substring(colon + 1)));
    try (Socket plain = new Socket()) {
      plain.connect(address, CONNECT_MILLIS);
      plain.setSoTimeout(HANDSHAKE_MILLIS);
      shake(plain, node);
    } catch (IOException nobodyThere) {
      // Who is not there yet is waited for.
    }
  }

  private void shake(Socket plain, String node) throws IOException {
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, node, plain.getPort(), true)) {
      try {
        socket.startHandshake();
      } catch (SSLException e) {
        throw UserError.failed(e.getMessage().contains("PKIX") || e.getMessage().contains("certificate")
            ? "cambrian.cluster.tls.ca: the certificate of " + node + " was not signed by the authority in "
                + files.authority() + "; all nodes need certificates of one authority."
            : "cambrian.cluster.tls.enabled: " + node + " does not speak TLS (" + e.getMessage()
                + "); all nodes need it, or none.", e);
      }
      socket.setSoTimeout(REFUSAL_MILLIS);
      try {
        if (socket.getInputStream().read() < 0) {
          throw new EOFException("it hung up");
        }
      } catch (SocketTimeoutException nothingAgainstIt) {
        // It waits for what this node has to say.
      } catch (SSLException | EOFException e) {
        throw UserError.failed("cambrian.cluster.tls.certificate: " + node + " refuses the certificate in "
            + files.certificate() + " (" + e.getMessage() + "); all nodes need certificates of one authority.", e);
      }
    }
  }
}
