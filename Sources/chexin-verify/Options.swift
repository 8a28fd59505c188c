/// What stands on the command line. Parsed by hand: a library for it would be larger than the verifier.
struct Options {
    enum Language: String {
        case zh
        case en
    }

    var bundle = ""
    var keys = ""
    var json = false
    var language = Language.zh
    var help = false

    struct Misunderstood: Error {
        let what: String
    }

    init(_ arguments: [String]) throws(Misunderstood) {
        var rest = arguments[...]
        var bundle: String?
        var keys: String?
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": help = true
            case "--json": json = true
            case "--keys": keys = try Options.value(of: argument, &rest)
            case "--lang":
                let text = try Options.value(of: argument, &rest)
                guard let language = Language(rawValue: text) else { throw Misunderstood(what: "--lang \(text)") }
                self.language = language
            default:
                guard bundle == nil, !argument.hasPrefix("-") else { throw Misunderstood(what: argument) }
                bundle = argument
            }
        }
        if help { return }
        guard let bundle else { throw Misunderstood(what: "BUNDLE") }
        guard let keys else { throw Misunderstood(what: "--keys") }
        (self.bundle, self.keys) = (bundle, keys)
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(Misunderstood) -> String {
        guard let value = rest.popFirst() else { throw Misunderstood(what: option) }
        return value
    }

    static let usage = """
        用法 / Usage: chexin-verify BUNDLE --keys FILE [--json] [--lang zh|en]

        核验一辆车的证明包，不联网，只信任密钥文件中的公钥。
        Verifies the proof bundle of a car, offline, on the word of nothing but the keys in FILE.

          BUNDLE       证明包文件 / the proof bundle
          --keys FILE  chexin log keys 的输出，可接见证方策略
                       the output of `chexin log keys`, with or without a policy of witnesses below
          --json       输出 JSON / prints JSON
          --lang       zh（默认）或 en / zh, the default, or en

        退出码 / Exit status:
          0  真实、未改动且完整 / genuine, unchanged and complete
          1  有一项核验未通过，或文件不是证明包 / a check has failed, or the file is no proof bundle
          2  命令有误，或文件无法读取 / the command was not understood, or a file cannot be read
        """
}
