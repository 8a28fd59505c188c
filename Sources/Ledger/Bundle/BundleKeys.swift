import Core
package import Cryptography

/// What is taken on trust when a bundle is verified, and nothing else.
package struct BundleKeys: Sendable {
    package let policy: LogPolicy
    /// The platform's key for the names of cars.
    package let vehicles: VRF.PublicKey
    /// Keys of sources that are known from elsewhere.
    package let sources: [SourceKey]

    package init(policy: LogPolicy, vehicles: VRF.PublicKey, sources: [SourceKey] = []) {
        self.policy = policy
        self.vehicles = vehicles
        self.sources = sources
    }

    /// A policy with a line `vehicles BASE64` and any number of lines `source ORGANISATION KEY BASE64`. What
    /// `chexin log keys` prints may stand in the first line for the log's own keys, with the witnesses below it.
    package init(parsing text: String) throws(PolicyError) {
        let text = try BundleKeys.policy(outOf: text)
        var vehicles: VRF.PublicKey?
        var sources: [SourceKey] = []
        var rest: [Substring] = []
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = policyWords(line)
            switch words.first {
            case "vehicles":
                guard vehicles == nil, words.count == 2,
                    let key = Base64.decode(words[1]).flatMap({ VRF.PublicKey(bytes: $0) })
                else {
                    throw PolicyError(
                        offset + 1,
                        zh: "vehicles 须恰有一行，内容为 32 字节 VRF 公钥的 Base64",
                        en: "There is one line vehicles, with the Base64 of a VRF public key of 32 bytes"
                    )
                }
                vehicles = key
            case "source":
                guard words.count == 4, let bytes = Base64.decode(words[3]),
                    let key = try? Ed25519.PublicKey(bytes: bytes)
                else {
                    throw PolicyError(
                        offset + 1,
                        zh: "格式为：source 机构编号 公钥编号 公钥的 Base64",
                        en: "The form is: source ORGANISATION KEY BASE64"
                    )
                }
                sources.append(SourceKey(source: String(words[1]), key: String(words[2]), publicKey: key))
            default:
                rest.append(line)
                continue
            }
            // The lines of the policy keep their numbers.
            rest.append("")
        }
        let policy = try LogPolicy(parsing: rest.joined(separator: "\n"))
        guard let vehicles else {
            throw PolicyError(0, zh: "缺少 vehicles 一行", en: "There is no line vehicles")
        }
        self.init(policy: policy, vehicles: vehicles, sources: sources)
    }

    /// Keys that were printed as JSON become lines of the policy, behind all others: those keep their numbers.
    private static func policy(outOf text: String) throws(PolicyError) -> String {
        guard text.utf8.first == UInt8(ascii: "{") else { return text }
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard let json = try? JSONParser.parse(Array(parts[0].utf8), maximumDepth: 1),
            let key = json["checkpoint_key"]?.stringValue,
            let vehicles = json["vrf_public_key"]?.stringValue.flatMap({ [UInt8](lowercaseHex: $0) })
        else {
            throw PolicyError(
                1,
                zh: "首行须为 chexin log keys 输出的 JSON",
                en: "The first line is to be the JSON that chexin log keys prints"
            )
        }
        let rest = parts.count > 1 ? String(parts[1]) : ""
        let former = json["former_checkpoint_key"]?.stringValue
        let hasQuorum = rest.split(separator: "\n").contains { policyWords($0).first == "quorum" }
        let lines =
            ["", rest, "log \(key)"] + (former.map { ["log \($0)"] } ?? [])
            + ["vehicles \(Base64.encode(vehicles))"] + (hasQuorum ? [] : ["quorum none"])
        return lines.joined(separator: "\n")
    }

    /// Keys of the log for its notes of this kind: the same key signs the checkpoint and, under the name of the
    /// vehicle index, that index's note.
    func logKeys(origin: String, suffix: String = "") -> [VerifierKey] {
        policy.logs.filter { $0.key.name == origin }.compactMap {
            VerifierKey(name: origin + suffix, algorithm: .ed25519, publicKey: $0.key.publicKey)
        }
    }
}
