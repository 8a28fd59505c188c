import Core
import Cryptography
import Web

/// A contract to read and to print: every line of its text as it is hashed, below it the hash and where to check it.
struct ContractPage {
    let warranty: StoredWarranty
    let text: ContractText
    /// Where the entry of the car's history is shown to everybody.
    let entryURL: String

    private static let style: StaticString = """
        :root{color-scheme:light}
        body{font:15px/1.7 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
        body{color:#1b1f24;background:#f3f4f6;margin:0}
        main{background:#fff;max-width:46rem;margin:1.5rem auto;padding:2.5rem 3rem;box-shadow:0 1px 4px #0002}
        .line{margin:.15rem 0;overflow-wrap:anywhere}
        .title{font-size:1.6rem;font-weight:700;text-align:center;margin-bottom:1.2rem}
        .heading{font-weight:700;margin-top:1.4rem;padding-bottom:.2rem;border-bottom:1px solid #d5d9de}
        .clause{text-indent:-1.2em;padding-left:1.2em;font-size:.92rem;color:#30363d}
        footer{display:flex;gap:1.5rem;align-items:center;margin-top:2rem;padding-top:1rem;border-top:2px solid #1b1f24}
        footer p{margin:.2rem 0;overflow-wrap:anywhere;font-size:.85rem}
        .hash{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
        .qr{width:8.5rem;flex:none;background:#fff}
        .qr path{fill:#000}
        .signs{display:flex;justify-content:space-between;margin-top:2.5rem}
        .signs p{border-top:1px solid #1b1f24;width:40%;padding-top:.3rem;font-size:.85rem}
        @media (max-width:40rem){main{padding:1.2rem;margin:0}footer{flex-direction:column;align-items:flex-start}}
        @media print{body{background:#fff;font-size:10.5pt}main{box-shadow:none;margin:0;padding:0;max-width:none}
        .heading{break-after:avoid}.line{break-inside:avoid}footer{break-inside:avoid}}
        @page{size:A4;margin:18mm 16mm}
        """

    /// Nothing but its own style is loaded, and nothing runs.
    static let contentSecurityPolicy: String = {
        let digest = SHA256.hash(Array("\(style)".utf8))
        return "default-src 'none'; style-src 'sha256-\(Base64.encode(digest.bytes))'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'"
    }()

    private func say(_ zh: String, _ en: String) -> String { text.language == .zh ? zh : en }

    var html: String {
        var page = HTMLWriter()
        page.element("html", ["lang": text.language == .zh ? "zh-CN" : "en"]) { page in
            page.element("head") { page in
                page.element("meta", ["charset": "utf-8"])
                page.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.element("title", say("质保合同 ", "Warranty ") + warranty.id.text)
                page.style(ContractPage.style)
            }
            page.newline()
            page.element("body") { page in
                page.element("main") { page in
                    page.element("article") { write(to: &$0) }
                    signatures(on: &page)
                    proof(on: &page)
                }
            }
        }
        return page.html
    }

    /// One element a line, and nothing else in it: the text of these elements, each ended by a line feed, is what is
    /// hashed.
    private func write(to page: inout HTMLWriter) {
        for line in text.lines {
            page.element("div", ["class": "line \(line.kind.rawValue)"], line.text)
            page.newline()
        }
    }

    private func signatures(on page: inout HTMLWriter) {
        page.element("section", ["class": "signs"]) { page in
            page.element("p", say("经销商（盖章、日期）", "Dealer (seal and date)"))
            page.element("p", say("买方（签名、日期）", "Buyer (signature and date)"))
        }
    }

    private func proof(on page: inout HTMLWriter) {
        page.element("footer") { page in
            if let code = QRCode(Array(entryURL.utf8)) {
                page.qrCode(code, say("扫码查看车辆历史中的合同记录", "Shows the entry of this contract on the car's history"))
            }
            page.element("div") { page in
                page.element("p", say("合同哈希（SHA-256）", "Hash of this text (SHA-256)"))
                page.element("p", ["class": "hash"], text.hash.hex)
                if text.language == .en {
                    page.element("p", "Hash of the Chinese text, which holds and stands on the car's history")
                    page.element("p", ["class": "hash"], warranty.contractHash.hex)
                }
                page.element("p", say("写入车辆历史的记录：", "Entry of the car's history: "))
                page.element("p", ["class": "hash"], entryURL)
            }
        }
    }
}
