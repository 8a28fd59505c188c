import Core
import History
import Web

/// What was imported, and the form for more.
struct ImportListView {
    let sheet: Sheet
    let state: FormState
    let imports: JSON
    let mayImport: Bool

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        if mayImport { writeForm(&page) }
        page.element("h2", say("最近的导入", "Latest imports"))
        let all = imports.list("data")
        if all.isEmpty { page.element("p", ["class": "empty"], say("还没有导入过文件。", "Nothing has been imported yet.")) }
        page.element("ul", ["class": "cards"]) { page in
            for one in all { page.element("li") { write(one, &$0) } }
        }
        if let cursor = imports["next_cursor"]?.stringValue {
            page.element("p") { page in
                let target = "/dealer/imports?cursor=\(percentEncoded(cursor))"
                page.element("a", ["class": "button", "href": target, "rel": "next"], say("更早的", "Older"))
            }
        }
    }

    private func writeForm(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card", "aria-labelledby": "upload"]) { page in
            page.element("h2", ["id": "upload"], say("上传库存文件", "Send a stock list"))
            page.refusal(state, fields: ["file"])
            page.element(
                "form",
                [
                    "method": "post", "action": "/dealer/imports", "enctype": MultipartForm.mediaType,
                    "data-upload": say("正在上传", "Sending"),
                    "data-failed": say("上传中断，请重试。", "The upload broke off; try again."),
                ]
            ) { page in
                writeModes(&page)
                writeFile(&page)
                page.submit(say("上传", "Send"))
            }
        }
    }

    /// Before the file: whoever reads the form as it arrives knows by then what it is for.
    private func writeModes(_ page: inout HTMLWriter) {
        let modes = [
            ("validate", say("看看哪些行有问题，什么也不写入。", "See which rows are bad; nothing is written.")),
            ("all_or_nothing", say("有一行不合格，就一行也不写入。", "One bad row, and nothing is written.")),
            ("skip_bad", say("合格的写入，有问题的列出来，可下载改好再传。", "Good rows are written; bad ones are listed, to be mended.")),
        ]
        page.element("fieldset") { page in
            page.element("legend", say("怎样处理", "What to do"))
            for (mode, hint) in modes {
                page.element("label", ["class": "option"]) { page in
                    page.element(
                        "input",
                        ["type": "radio", "name": "mode", "value": mode, "checked": mode == "validate" ? "" : nil]
                    )
                    page.element("span") { page in
                        page.element("strong", Words.importMode(mode, sheet.language))
                        page.text(" " + hint)
                    }
                }
            }
        }
    }

    private func writeFile(_ page: inout HTMLWriter) {
        let faults = state.faults(at: "/file")
        page.element("div", ["class": "field"]) { page in
            page.element("label", ["for": "file"], say("文件", "File"))
            page.element(
                "p",
                ["class": "hint", "id": "file-hint"],
                say("CSV（UTF-8 或 GBK 均可），不超过 64 MiB、10 万行。", "CSV in UTF-8 or GBK, up to 64 MiB and 100,000 rows.")
            )
            page.element(
                "input",
                [
                    "id": "file", "name": "file", "type": "file", "required": "", "aria-describedby": "file-hint",
                    "accept": ".csv,.txt,.ndjson,.jsonl", "aria-invalid": faults.isEmpty ? nil : "true",
                ]
            )
            page.fault(faults, of: "file", sheet.language)
        }
    }

    private func write(_ one: JSON, _ page: inout HTMLWriter) {
        let counts = one["counts"] ?? .null
        page.element("p") { page in
            page.element("a", ["href": "/dealer/imports/\(one.text("id"))"], Words.time(one.text("created_at")))
            page.text(" ")
            page.element(
                "span",
                ["class": "badge \(one.text("state"))"],
                Words.importState(one.text("state"), sheet.language)
            )
        }
        page.element("p", ["class": "soft"]) { page in
            page.text(Words.importMode(one.text("mode"), sheet.language))
            page.text(say(" · 共 \(counts.number("rows_total")) 行", " · rows: \(counts.number("rows_total"))"))
            let failed = counts.number("failed")
            if failed > 0 { page.text(say(" · \(failed) 行有问题", " · bad: \(failed)")) }
        }
    }
}

/// One import, while it runs and after.
struct ImportView {
    let sheet: Sheet
    let state: FormState
    let json: JSON
    let rows: JSON
    /// Of the rows that are shown; `nil` for all.
    let status: String?
    let isFinished: Bool
    let mayCancel: Bool

    private var id: String { json.text("id") }
    private var counts: JSON { json["counts"] ?? .null }
    private var failed: Int64 { counts.number("failed") }

    private func say(_ zh: String, _ en: String) -> String { sheet.say(zh, en) }

    func write(_ page: inout HTMLWriter) {
        page.refusal(state, fields: [])
        writeProgress(&page)
        if isFinished { writeResult(&page) }
        writeColumns(&page)
        writeRows(&page)
    }

    // MARK: How far it is

    private func writeProgress(_ page: inout HTMLWriter) {
        let percent = json.number("percent")
        page.element(
            "section",
            [
                "class": "card", "id": "progress", "aria-labelledby": "progress-title",
                "data-events": isFinished ? nil : "/dealer/imports/\(id)/events",
            ]
        ) { page in
            page.element("h2", ["id": "progress-title"]) { page in
                page.element(
                    "span",
                    ["class": "badge \(json.text("state"))"],
                    Words.importState(json.text("state"), sheet.language)
                )
                page.text(" " + Words.importMode(json.text("mode"), sheet.language))
            }
            page.element(
                "progress",
                ["max": "100", "value": "\(percent)", "aria-labelledby": "progress-title"],
                "\(percent)%"
            )
            page.element("p", ["role": "status", "aria-live": "polite"]) { page in
                page.element("span", ["data-percent": ""], "\(percent)")
                page.text("%" + say("，已读 ", ", read: "))
                page.element("span", ["data-count": "rows_read"], PlainNumbers.grouped(counts.number("rows_read")))
                page.text(
                    say(
                        " 行，共 \(PlainNumbers.grouped(counts.number("rows_total"))) 行",
                        " of \(PlainNumbers.grouped(counts.number("rows_total"))) rows"
                    )
                )
            }
            writeCounts(&page)
            if !isFinished, mayCancel {
                page.element("form", ["method": "post", "action": "/dealer/imports/\(id)/cancel"]) { page in
                    page.element("button", ["class": "danger"], say("取消导入", "Cancel"))
                }
            }
        }
    }

    private func writeCounts(_ page: inout HTMLWriter) {
        let names = [
            ("valid", say("合格", "Good")), ("created", say("新增", "New")), ("updated", say("更新", "Updated")),
            ("unchanged", say("无变化", "Unchanged")), ("failed", say("有问题", "Bad")),
        ]
        page.element("dl", ["class": "counts"]) { page in
            for (name, label) in names {
                page.element("div", ["class": name == "failed" && failed > 0 ? "bad" : nil]) { page in
                    page.element("dt", label)
                    page.element("dd", ["data-count": name], PlainNumbers.grouped(counts.number(name)))
                }
            }
        }
    }

    // MARK: What came of it

    private func writeResult(_ page: inout HTMLWriter) {
        page.element("section", ["class": "card result"]) { page in
            page.element("p") { $0.element("strong", result) }
            if failed > 0 {
                page.element(
                    "p",
                    say(
                        "下载有问题的行：末尾两列写明原行号和原因，改好后直接再传。",
                        "Fetch the bad rows: two columns at the end say which line it was and why. Mend them, and send "
                            + "the file again."
                    )
                )
                page.element("p") { page in
                    let target = "/dealer/imports/\(id)/failed-rows"
                    page.element(
                        "a",
                        ["class": "button main", "href": target, "download": ""],
                        say("下载有问题的 \(failed) 行", "Fetch the \(failed) bad rows")
                    )
                }
            }
            page.element("p") { page in
                page.element("a", ["class": "button", "href": "/dealer/imports"], say("再传一个文件", "Send another file"))
                page.text(" ")
                page.element("a", ["class": "button", "href": "/dealer?sort=newest"], say("查看库存", "See the stock"))
            }
        }
    }

    private var result: String {
        if json["defect"] != .null {
            return say(
                "服务出错，导入已中止；已写入的车辆保留，再传同一文件不会重复。",
                "A fault of ours ended the import. What was written stays; the same file may be sent again."
            )
        }
        let written = counts.number("created") + counts.number("updated")
        return switch (json.text("state"), json.text("mode")) {
        case ("cancelled", _): say("已取消。取消前写入的 \(written) 辆保留。", "Cancelled. The \(written) cars written before stay.")
        case (_, "validate"):
            failed > 0
                ? say("检查完毕：\(failed) 行有问题，什么也没有写入。", "Checked: \(failed) rows are bad. Nothing was written.")
                : say("检查完毕：全部合格，什么也没有写入。可以正式导入了。", "Checked: all rows are good. Nothing was written yet.")
        case ("failed", _): say("\(failed) 行有问题，所以一行也没有写入。", "\(failed) rows are bad, so nothing was written.")
        default:
            say(
                "写入 \(written) 辆，都是草稿或原有车源；发布前请逐辆检查。",
                "\(written) cars were written, as drafts or into listings that were there."
            )
        }
    }

    /// A price that is missing everywhere may stand in a column that nobody read.
    private func writeColumns(_ page: inout HTMLWriter) {
        let unread = (json["columns"] ?? .null).list("unread").map { $0.text("heading") }.filter { !$0.isEmpty }
        guard !unread.isEmpty else { return }
        page.element("details") { page in
            page.element("summary", say("没有读取的列：\(unread.count)", "Columns that were not read: \(unread.count)"))
            page.element("p", unread.joined(separator: say("、", ", ")))
        }
    }

    // MARK: Rows

    private func writeRows(_ page: inout HTMLWriter) {
        let shown = rows.list("data")
        page.element("h2", status == "failed" ? say("有问题的行", "Bad rows") : say("逐行结果", "Row by row"))
        if failed > 0 {
            page.element("p") { page in
                let isFailed = status == "failed"
                page.element(
                    "a",
                    ["href": "/dealer/imports/\(id)" + (isFailed ? "?status=all" : "")],
                    isFailed ? say("显示全部行", "Show every row") : say("只看有问题的行", "Show the bad rows only")
                )
            }
        }
        if shown.isEmpty { page.element("p", ["class": "empty"], say("还没有结果。", "There is nothing yet.")) }
        page.element("ul", ["class": "cards rows"]) { page in
            for row in shown { page.element("li") { write(row, &$0) } }
        }
        guard let cursor = rows["next_cursor"]?.stringValue else { return }
        page.element("p") { page in
            let target = "/dealer/imports/\(id)?status=\(status ?? "all")&cursor=\(percentEncoded(cursor))"
            page.element("a", ["class": "button", "href": target, "rel": "next"], say("后面的行", "Further rows"))
        }
    }

    private func write(_ row: JSON, _ page: inout HTMLWriter) {
        let status = row.text("status")
        page.element("p") { page in
            page.element("strong", say("第 \(row.number("line")) 行", "Line \(row.number("line"))"))
            page.text(" ")
            page.element("span", ["class": "badge row-\(status)"], rowStatus(status))
            page.text(" ")
            if let vin = row["vin"]?.stringValue { page.element("code", ["class": "vin"], vin) }
            if let listing = row["listing"]?.stringValue {
                page.text(" ")
                page.element("a", ["href": "/dealer/listings/\(listing)"], say("查看车源", "See the listing"))
            }
        }
        let remarks = row.list("errors") + row.list("notes")
        guard !remarks.isEmpty else { return }
        page.element("ul", ["class": row.list("errors").isEmpty ? "notes" : "faults"]) { page in
            for remark in remarks {
                let detail = remark.text("detail")
                // Most faults name their column themselves.
                let heading = remark["heading"]?.stringValue.flatMap { detail.contains($0) ? nil : $0 + say("：", ": ") }
                page.element("li", (heading ?? "") + detail)
            }
        }
    }

    private func rowStatus(_ status: String) -> String {
        switch status {
        case "valid": say("合格", "Good")
        case "created": say("新增", "New")
        case "updated": say("更新", "Updated")
        case "unchanged": say("无变化", "Unchanged")
        case "failed": say("有问题", "Bad")
        default: status
        }
    }
}
