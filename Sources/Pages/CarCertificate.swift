import Core
import Cryptography
import History
import Ledger
import Web

/// One page of paper that says which history a car had at a moment: the head of its chain, the log's checkpoint, and a
/// code that leads whoever holds the paper back to the page that verifies.
struct CarCertificate {
    let sheet: CarSheet
    /// `nil` where nothing was ever recorded.
    let report: JSON?
    let bundle: ProofBundle
    let proof: CarProof

    private var language: Language { sheet.language }
    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    var title: String { say("车辆历史核验证书", "Certificate of a car's history") }

    private var head: Digest? { bundle.entries.last.map { SHA256.hash($0.stored.envelope) } }

    func write(_ page: inout HTMLWriter) {
        page.element("header") { page in
            page.element("div") { page in
                page.element("h1", title)
                page.element("p", CarName.of(report) ?? "")
                page.element("p", ["class": "vin"], bundle.vin)
                page.element("p", ["class": "soft"], say("出具时间 ", "Made on ") + time)
            }
            if let code = QRCode(Array(proof.pageURL.utf8)) {
                page.qrCode(code, say("扫码打开并核验：\(proof.pageURL)", "Opens and verifies \(proof.pageURL)"))
            }
        }
        proof.writeSeal(sheet, &page)
        writeHistory(&page)
        writeLog(&page)
        page.element("section", ["aria-labelledby": "verification"]) { page in
            page.element("h2", ["id": "verification"], say("打印前由浏览器核验", "Verified by the browser before printing"))
            proof.writeChecks(sheet, &page)
        }
        page.element("section", ["aria-labelledby": "again"]) { page in
            page.element("h2", ["id": "again"], say("怎样再核验一次", "How to check it again"))
            page.element(
                "p",
                say(
                    "扫描右上角的二维码，手机会重新计算全部哈希与签名；网页上的最新哈希应与本页相同，"
                        + "或者本页的哈希出现在网页的某一条记录里（说明此后又有新记录）。",
                    "Scan the code: the phone computes every hash and signature again. The newest hash there is the "
                        + "one on this paper, or the one on this paper belongs to an earlier entry there, and newer "
                        + "ones exist."
                )
            )
            proof.writeSteps(sheet, &page)
        }
        page.element("p", ["class": "screen"]) { page in
            page.element("a", ["href": "/v/\(bundle.vin)"], say("返回车辆历史", "Back to the history"))
            page.text(" · ")
            page.text(say("用浏览器的“打印”得到一页 A4。", "Your browser's Print gives one page of A4."))
        }
    }

    /// By the clocks of China.
    private var time: String { Words.time(proof.now.rfc3339) + say("（北京时间）", " (Beijing)") }

    private func writeHistory(_ page: inout HTMLWriter) {
        page.element("section", ["aria-labelledby": "history"]) { page in
            page.element("h2", ["id": "history"], say("这辆车的历史", "The car's history"))
            if let report, let headline = report["headline"] {
                page.element("p") { $0.element("strong", headline.words(language)) }
            }
            page.element("dl", ["class": "facts wide"]) { page in
                fact(say("账本记录", "Entries"), &page) { page in
                    page.element("span", ["id": "count"], PlainNumbers.grouped(Int64(bundle.entries.count)))
                    page.text(say(" 条", ""))
                }
                if let head {
                    fact(say("最新记录的哈希", "Hash of the newest entry"), &page) { page in
                        page.element("span", ["id": "head", "class": "hash"], CarKeys.grouped(head.hex))
                    }
                } else {
                    fact(say("结论", "Meaning"), &page) { page in
                        page.text(
                            say(
                                "日志里没有这辆车的记录。没有记录不等于没有问题。",
                                "The log has no entry of this car. That does not mean that nothing is wrong with it."
                            )
                        )
                    }
                }
            }
        }
    }

    private func writeLog(_ page: inout HTMLWriter) {
        page.element("section", ["aria-labelledby": "log"]) { page in
            page.element("h2", ["id": "log"], say("日志在此刻的状态", "The log at this moment"))
            page.element("dl", ["class": "facts wide"]) { page in
                let notes = [
                    (say("检查点", "Checkpoint"), bundle.checkpoint),
                    (say("车辆索引", "Vehicle index"), bundle.vehicles),
                ]
                for (name, text) in notes {
                    guard let note = try? SignedNote(parsing: Array(text.utf8)),
                        let point = Checkpoint(parsing: note.text)
                    else { continue }
                    fact("\(name) \(point.origin)", &page) { page in
                        page.text(say("共 \(point.size) 条，树根 ", "\(point.size) entries, root "))
                        page.element("span", ["class": "hash"], Base64.encode(point.root.bytes))
                    }
                }
            }
        }
    }

    private func fact(_ name: String, _ page: inout HTMLWriter, _ value: (inout HTMLWriter) -> Void) {
        page.element("div") { page in
            page.element("dt", name)
            page.element("dd", [:], value)
        }
    }
}
