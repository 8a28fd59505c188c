import Foundation
import PackagePlugin

/// Puts the `.yaml` files of a target, and the `.js` files of its folder `Script`, into its code, each as one string
/// literal.
///
/// SwiftPM's own `.embedInCode` writes an array of bytes, which takes the compiler a minute and a half for what it
/// reads as a literal in no time.
@main
struct EmbedTextPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let tool = try context.tool(named: "embed-text").url
        let files =
            try files(in: target.directoryURL, endingIn: "yaml")
            + files(in: target.directoryURL.appending(path: "Script"), endingIn: "js")
        return files.enumerated().map { number, input in
            let name = input.deletingPathExtension().lastPathComponent
            let output = context.pluginWorkDirectoryURL.appending(path: "\(input.lastPathComponent).swift")
            // The first brings the type that the others add to.
            let keyword = number == 0 ? "enum" : "extension"
            return .buildCommand(
                displayName: "Embedding \(input.lastPathComponent)",
                executable: tool,
                arguments: [input.path(percentEncoded: false), output.path(percentEncoded: false), name, keyword],
                inputFiles: [input],
                outputFiles: [output]
            )
        }
    }

    private func files(in directory: URL, endingIn ending: String) throws -> [URL] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory.path(percentEncoded: false)) else { return [] }
        return try manager.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == ending }.sorted { $0.path() < $1.path() }
    }
}
