import Foundation
import PackagePlugin

/// Puts the `.yaml` files of a target into its code, each as one string literal.
///
/// SwiftPM's own `.embedInCode` writes an array of bytes, which takes the compiler a minute and a half for what it
/// reads as a literal in no time.
@main
struct EmbedTextPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let tool = try context.tool(named: "embed-text").url
        let manager = FileManager.default
        let files = try manager.contentsOfDirectory(at: target.directoryURL, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "yaml" }.map { input in
            let name = input.deletingPathExtension().lastPathComponent
            let output = context.pluginWorkDirectoryURL.appending(path: "\(name).yaml.swift")
            return .buildCommand(
                displayName: "Embedding \(input.lastPathComponent)",
                executable: tool,
                arguments: [input.path(percentEncoded: false), output.path(percentEncoded: false), name],
                inputFiles: [input],
                outputFiles: [output]
            )
        }
    }
}
