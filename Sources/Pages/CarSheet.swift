import Core
import Cryptography
import HTTPTypes
import Ledger
import TransparencyLog
import Web

/// The frame of what stands behind the code on a car. It is for people who have no account and scan it in a car park:
/// no way around, and nothing to sign in to.
struct CarSheet {
    let language: Language

    func say(_ zh: String, _ en: String) -> String { language.say(zh, en) }

    func reply(_ title: String, isPaper: Bool = false, _ content: (inout HTMLWriter) -> Void) -> Reply {
        Reply(
            .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Sheet.contentSecurityPolicy,
            ],
            body: .bytes(Array(html(title, isPaper, content).utf8))
        )
    }

    private func html(_ title: String, _ isPaper: Bool, _ content: (inout HTMLWriter) -> Void) -> String {
        var page = HTMLWriter()
        page.element("html", ["lang": language.rawValue]) { page in
            page.element("head") { writeHead(title, &$0) }
            page.newline()
            page.element("body") { page in
                page.element("a", ["class": "skip", "href": "#main"], say("跳到正文", "Skip to content"))
                page.element("header", ["class": "top"]) { page in
                    page.element("span", ["class": "brand"], "车信")
                    page.element("span", ["class": "soft"], say("人人可核验的车辆历史", "Car histories that anybody can verify"))
                }
                page.newline()
                page.element("main", ["id": "main", "tabindex": "-1", "class": isPaper ? "paper" : nil], content)
            }
        }
        return page.html
    }

    private func writeHead(_ title: String, _ page: inout HTMLWriter) {
        page.element("meta", ["charset": "utf-8"])
        page.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.element("meta", ["name": "color-scheme", "content": "light dark"])
        // A car's history is for whoever stands before the car, not for search engines.
        page.element("meta", ["name": "robots", "content": "noindex"])
        page.element("title", "\(title) · 车信")
        page.element("link", ["rel": "icon", "href": PageAssets.icon.path, "type": "image/svg+xml"])
        page.element("link", ["rel": "stylesheet", "href": PageAssets.carStyle.path])
        page.element("script", ["src": PageAssets.carScript.path, "defer": ""])
    }
}

/// The log's public keys, as the page gives them to its script and shows them to people.
struct CarKeys {
    private let logKeys: [VerifierKey]
    private let vehicles: [UInt8]
    private let witnesses: LogPolicy?

    init(_ log: TransparencyLog) {
        logKeys = log.keys.verifierKeys
        vehicles = log.keys.vehicles.publicKey.bytes
        witnesses = log.policy
    }

    /// What the script takes on trust, and nothing else.
    var json: JSON {
        let logs: JSON = .array(logKeys.map { JSON($0.text) })
        let none: JSON = ["witnesses": [], "groups": [], "quorum": nil]
        let policy = (witnesses?.witnessesJSON ?? none).merged(with: ["logs": logs])
        return ["format": JSON(ProofBundle.format), "policy": policy, "vrf": JSON(vehicles.hex)]
    }

    /// Names and fingerprints: SHA-256 of the public key, in groups that one can read aloud.
    func fingerprints(_ language: Language) -> [(name: String, print: String)] {
        let logs = logKeys.map { key in
            (
                language.say("日志公钥 \(key.name)", "Key of the log \(key.name)"),
                CarKeys.grouped(SHA256.hash(key.publicKey.bytes).hex)
            )
        }
        let cars = language.say("车辆标识公钥（VRF）", "Key of the cars' names (VRF)")
        return logs + [(cars, CarKeys.grouped(SHA256.hash(vehicles).hex))]
    }

    static func grouped(_ hex: String, by count: Int = 8) -> String {
        var groups: [Substring] = []
        var rest = hex[...]
        while !rest.isEmpty {
            groups.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return groups.joined(separator: " ")
    }
}

extension HTMLWriter {
    mutating func fingerprints(_ keys: CarKeys, _ language: Language) {
        element("dl", ["class": "keys"]) { page in
            for key in keys.fingerprints(language) {
                page.element("div") { page in
                    page.element("dt", key.name)
                    page.element("dd", ["class": "hash"], key.print)
                }
            }
        }
    }
}
