import Core
import Support
import Testing

@testable import Outbound

@Suite struct AddressTests {
    /// `public` may always be sent to, `own` where the operator says so, `never` in no case.
    private static let addresses = TextTable(
        """
        address                                  may
        8.8.8.8                                  public
        1.1.1.1                                  public
        223.5.5.5                                public
        100.63.255.255                           public
        100.128.0.0                              public
        172.15.255.255                           public
        172.32.0.0                               public
        169.253.255.255                          public
        223.255.255.255                          public
        2400:3200::1                             public
        2a00:1450:4001::1                        public
        10.0.0.1                                 own
        10.255.255.255                           own
        127.0.0.1                                own
        127.255.255.254                          own
        172.16.0.1                               own
        172.31.255.255                           own
        192.168.1.1                              own
        100.64.0.1                               own
        100.127.255.255                          own
        ::1                                      own
        fc00::1                                  own
        fdff:ffff::1                             own
        ::ffff:127.0.0.1                         own
        ::ffff:10.1.2.3                          own
        0.0.0.0                                  never
        0.1.2.3                                  never
        169.254.169.254                          never
        192.0.0.1                                never
        192.0.2.1                                never
        192.88.99.1                              never
        198.18.0.1                               never
        198.19.255.255                           never
        198.51.100.1                             never
        203.0.113.1                              never
        224.0.0.1                                never
        239.255.255.255                          never
        240.0.0.1                                never
        255.255.255.255                          never
        ::                                       never
        ::8.8.8.8                                never
        ::ffff:8.8.8.8                           never
        ::ffff:169.254.169.254                   never
        64:ff9b::808:808                         never
        64:ff9b::7f00:1                          never
        64:ff9b:1::1                             never
        100::1                                   never
        2001::1                                  never
        2001:db8::1                              never
        2002:7f00:1::1                           never
        3fff::1                                  never
        fe80::1                                  never
        fec0::1                                  never
        ff02::1                                  never
        """
    )

    @Test func `an address is sent to where the whole internet reaches it, or the operator says so`() throws {
        let usual = OutboundPolicy()
        let open = OutboundPolicy(allowsPrivateNetworks: true)
        for row in Self.addresses.rows {
            let address = try #require(IPAddress(row["address"]), "\(row["address"])")
            #expect(usual.allows(address) == (row["may"] == "public"), "\(row["address"])")
            #expect(open.allows(address) == (row["may"] != "never"), "\(row["address"])")
        }
    }

    @Test func `an address is written as it is read`() throws {
        for text in ["8.8.8.8", "255.0.10.1", "2400:3200::1", "::1"] { #expect(IPAddress(text)?.description == text) }
        for text in ["", "8.8.8", "8.8.8.8.8", "08.8.8.8", "0x8.8.8.8", "8.8.8.8 ", "fe80::1%eth0", "[::1]", ":::"] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
    }

    /// `-` where it passes.
    private static let urls = TextTable(
        """
        url                                      usual           private
        https://example.com                      -               -
        https://example.com/hooks?a=b            -               -
        https://EXAMPLE.com:443/                 -               -
        https://hooks.example.com:8443/x         -               -
        https://xn--fiqs8s.example/              -               -
        https://8.8.8.8/                         -               -
        https://[2400:3200::1]/                  -               -
        https://[2400:3200::1]:8443/             -               -
        HTTPS://example.com/                     -               -
        http://example.com/                      url_scheme      -
        http://127.0.0.1:9000/                   url_scheme      -
        ftp://example.com/                       url_scheme      url_scheme
        file:///etc/passwd                       url_scheme      url_scheme
        gopher://example.com/                    url_scheme      url_scheme
        example.com/hooks                        url_format      url_format
        https:example.com                        url_format      url_format
        https://example.com/#part                url_format      url_format
        https://example.com\\@127.0.0.1/         url_format      url_format
        https://exa<mple.com/                    url_format      url_format
        https://user:pass@example.com/           url_userinfo    url_userinfo
        https://example.com@127.0.0.1/           url_userinfo    url_userinfo
        https://example.com:80/                  url_port        -
        https://example.com:22/                  url_port        -
        https://example.com:0/                   url_port        url_port
        https://example.com:65536/               url_port        url_port
        https://example.com:+443/                url_port        url_port
        https://example.com:0443/                url_port        url_port
        https://example.com:/                    url_port        url_port
        https://                                 url_host        url_host
        https:///hooks                           url_host        url_host
        https://.example.com/                    url_host        url_host
        https://example..com/                    url_host        url_host
        https://example.com./                    url_host        url_host
        https://localhost/                       url_host        -
        https://exa%6dple.com/                   url_host        url_host
        https://2130706433/                      url_host        url_host
        https://0x7f000001/                      url_host        url_host
        https://0x7f.1/                          url_host        url_host
        https://0177.0.0.1/                      url_host        url_host
        https://127.1/                           url_host        url_host
        https://127.0.0.1.5/                     url_host        url_host
        https://example.123/                     url_host        url_host
        https://example.0x7f/                    url_host        url_host
        https://[::1/                            url_host        url_host
        https://[fe80::1%25eth0]/                url_host        url_host
        https://[127.0.0.1]/                     url_host        url_host
        https://::1/                             url_host        url_host
        https://127.0.0.1/                       url_address     -
        https://10.0.0.1/                        url_address     -
        https://169.254.169.254/latest           url_address     url_address
        https://0.0.0.0/                         url_address     url_address
        https://[::1]/                           url_address     -
        https://[::ffff:127.0.0.1]/              url_address     -
        https://[64:ff9b::7f00:1]/               url_address     url_address
        https://[fd00::1]/                       url_address     -
        """
    )

    @Test func `a URL is taken where its text allows it`() {
        for row in Self.urls.rows {
            #expect(Self.fault(row["url"], OutboundPolicy()) == row["usual"], "\(row["url"])")
            let open = OutboundPolicy(allowsPrivateNetworks: true)
            #expect(Self.fault(row["url"], open) == row["private"], "\(row["url"])")
        }
    }

    @Test func `a URL that is too long or holds a control character is refused`() {
        for text in ["https://example.com/" + String(repeating: "a", count: 2048), "https://example.com/\r\nX: y", ""] {
            #expect(Self.fault(text, OutboundPolicy()) == "url_format")
        }
    }

    private static func fault(_ text: String, _ policy: OutboundPolicy) -> String {
        do throws(TextFault) {
            _ = try OutboundURL(parsing: text, policy)
            return "-"
        } catch {
            return error.code
        }
    }
}
