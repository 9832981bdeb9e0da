//! The WebAssembly exports: one-liners over [`crate::api`], no decisions.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::api::{self, ApiError};
use crate::catalog::js::files;
use crate::fix;
use crate::policy;
use crate::template::js;

/// Names the core in bug reports.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// See [`api::format_diagnostics`].
#[wasm_bindgen(js_name = formatDiagnostics)]
pub fn format_diagnostics(request: &str) -> Result<String, JsValue> {
    Ok(api::format_diagnostics(request)?)
}

/// See [`api::catalog::check_file`].
#[wasm_bindgen(js_name = checkCatalogFile)]
pub fn check_catalog_file(name: &str, content: &[u8], options: &str) -> Result<String, JsValue> {
    Ok(api::catalog::check_file(name, content, options)?)
}

/// See [`api::catalog::check_file_in`]; `read` gives what [`files`] says.
#[wasm_bindgen(js_name = checkCatalogFileIn)]
pub fn check_catalog_file_in(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    read: &Function,
) -> Result<String, JsValue> {
    let files = files(read);
    Ok(api::catalog::check_file_in(
        name, content, options, repository, &files,
    )?)
}

/// See [`api::catalog::fix_file_in`].
#[wasm_bindgen(js_name = fixCatalogFile)]
pub fn fix_catalog_file(
    name: &str,
    content: &[u8],
    options: &str,
    repository: &str,
    read: &Function,
) -> Result<String, JsValue> {
    let files = files(read);
    Ok(api::catalog::fix_file_in(
        name, content, options, repository, &files,
    )?)
}

/// See [`fix::unified`].
#[wasm_bindgen(js_name = unifiedDiff)]
pub fn unified_diff(name: &str, before: &str, after: &str) -> String {
    fix::unified(name, before, after)
}

/// See [`api::catalog::check_entity`].
#[wasm_bindgen(js_name = checkEntity)]
pub fn check_entity(name: &str, entity: &str, options: &str) -> Result<String, JsValue> {
    Ok(api::catalog::check_entity(name, entity, options)?)
}

/// See [`api::settle::findings`].
#[wasm_bindgen(js_name = settleFindings)]
pub fn settle_findings(request: &str) -> Result<String, JsValue> {
    Ok(api::settle::findings(request)?)
}

/// See [`api::catalog::entity_yaml`].
#[wasm_bindgen(js_name = entityYaml)]
pub fn entity_yaml(entity: &str) -> Result<String, JsValue> {
    Ok(api::catalog::entity_yaml(entity)?)
}

/// Entities and the references between them.
#[wasm_bindgen]
pub struct CatalogGraph(api::graph::Graph);

#[wasm_bindgen]
impl CatalogGraph {
    /// See [`api::graph::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, JsValue> {
        Ok(Self(api::graph::new(options)?))
    }

    /// See [`api::graph::set`].
    pub fn set(&mut self, entities: &str) -> Result<(), JsValue> {
        Ok(api::graph::set(&mut self.0, entities)?)
    }

    /// See [`api::graph::remove`].
    pub fn remove(&mut self, entity_refs: &str) -> Result<(), JsValue> {
        Ok(api::graph::remove(&mut self.0, entity_refs)?)
    }

    /// See [`api::graph::check_file`].
    #[wasm_bindgen(js_name = checkFile)]
    pub fn check_file(
        &mut self,
        name: &str,
        content: &[u8],
        options: &str,
    ) -> Result<String, JsValue> {
        Ok(api::graph::check_file(&mut self.0, name, content, options)?)
    }

    /// See [`api::graph::check_file_in`]; `read` gives what [`files`] says.
    #[wasm_bindgen(js_name = checkFileIn)]
    pub fn check_file_in(
        &mut self,
        name: &str,
        content: &[u8],
        options: &str,
        repository: &str,
        read: &Function,
    ) -> Result<String, JsValue> {
        let files = files(read);
        Ok(api::graph::check_file_in(
            &mut self.0,
            name,
            content,
            options,
            repository,
            &files,
        )?)
    }

    /// See [`api::graph::read_live`].
    #[wasm_bindgen(js_name = readLive)]
    pub fn read_live(&mut self, name: &str, content: &[u8]) -> Result<String, JsValue> {
        Ok(api::graph::read_live(&mut self.0, name, content)?)
    }

    /// See [`api::graph::snapshot`].
    pub fn snapshot(&self) -> Result<String, JsValue> {
        Ok(api::graph::snapshot(&self.0)?)
    }

    /// See [`api::graph::judge`].
    pub fn judge(&mut self) -> Result<String, JsValue> {
        Ok(api::graph::judge(&mut self.0)?)
    }

    /// See [`api::graph::findings`].
    pub fn findings(&mut self) -> Result<String, JsValue> {
        Ok(api::graph::findings(&mut self.0)?)
    }
}

/// See [`api::kinds::read`].
#[wasm_bindgen(js_name = readKinds)]
pub fn read_kinds(name: &str, content: &[u8]) -> Result<String, JsValue> {
    Ok(api::kinds::read(name, content)?)
}

/// See [`api::graph::fields`].
#[wasm_bindgen(js_name = catalogGraphFields)]
pub fn catalog_graph_fields() -> Result<String, JsValue> {
    Ok(api::graph::fields()?)
}

/// See [`api::graph::diff`]; a snapshot has a name and a content.
#[wasm_bindgen(js_name = diffCatalogs)]
pub fn diff_catalogs(
    base: &str,
    head: &str,
    snapshot_name: &str,
    snapshot: Option<Vec<u8>>,
) -> Result<String, JsValue> {
    let snapshot = snapshot.as_deref().map(|content| (snapshot_name, content));
    Ok(api::graph::diff(base, head, snapshot)?)
}

/// See [`api::settings::read`].
#[wasm_bindgen(js_name = readSettings)]
pub fn read_settings(name: &str, content: &[u8]) -> Result<String, JsValue> {
    Ok(api::settings::read(name, content)?)
}

/// What [`compile_policy`] found.
#[wasm_bindgen]
pub struct PolicyCompilation(policy::Compilation);

#[wasm_bindgen]
impl PolicyCompilation {
    /// The problems, as JSON.
    pub fn diagnostics(&self) -> Result<String, JsValue> {
        Ok(api::policy::diagnostics(&self.0)?)
    }

    /// The policy, the first time, unless there is an error.
    pub fn policy(&mut self) -> Option<Policy> {
        self.0.policy.take().map(Policy)
    }
}

/// A compiled policy.
#[wasm_bindgen]
pub struct Policy(policy::Policy);

#[wasm_bindgen]
impl Policy {
    /// See [`api::policy::set_directory`].
    #[wasm_bindgen(js_name = setDirectory)]
    pub fn set_directory(&mut self, directory: &str) -> Result<(), JsValue> {
        Ok(api::policy::set_directory(&mut self.0, directory)?)
    }

    /// See [`api::policy::decide`].
    pub fn decide(&self, request: &str) -> Result<String, JsValue> {
        Ok(api::policy::decide(&self.0, request)?)
    }
}

// Policy engine

#[wasm_bindgen]
impl Policy {
    /// See [`api::policy::decide_batch`].
    #[wasm_bindgen(js_name = decideBatch)]
    pub fn decide_batch(&self, requests: &str) -> Result<String, JsValue> {
        Ok(api::policy::decide_batch(&self.0, requests)?)
    }

    /// See [`api::policy::check`].
    pub fn check(&self, request: &str) -> Result<String, JsValue> {
        Ok(api::policy::check(&self.0, request)?)
    }

    /// See [`policy::Policy::set_directory_as_of`].
    #[wasm_bindgen(js_name = setDirectoryAsOf)]
    pub fn set_directory_as_of(&mut self, as_of: &str) {
        self.0.set_directory_as_of(as_of);
    }

    /// See [`api::policy::covers`].
    pub fn covers(&self, permission: &str) -> Result<bool, JsValue> {
        Ok(api::policy::covers(&self.0, permission)?)
    }

    /// See [`api::policy::permissions`].
    pub fn permissions(&self) -> Result<String, JsValue> {
        Ok(api::policy::permissions(&self.0)?)
    }

    /// See [`api::policy::time_zones`].
    #[wasm_bindgen(js_name = timeZones)]
    pub fn time_zones(&self) -> Result<String, JsValue> {
        Ok(api::policy::time_zones(&self.0)?)
    }

    /// See [`api::policy::test_times`].
    #[wasm_bindgen(js_name = testTimes)]
    pub fn test_times(&self) -> Result<String, JsValue> {
        Ok(api::policy::test_times(&self.0)?)
    }

    /// See [`api::policy::run_tests`].
    #[wasm_bindgen(js_name = runTests)]
    pub fn run_tests(&self, options: &str) -> Result<String, JsValue> {
        Ok(api::policy::run_tests(&self.0, options)?)
    }
}

// Policy analysis

#[wasm_bindgen]
impl Policy {
    /// See [`api::policy::explain`].
    pub fn explain(&self, request: &str) -> Result<String, JsValue> {
        Ok(api::policy::explain(&self.0, request)?)
    }

    /// See [`api::policy::who_can`].
    #[wasm_bindgen(js_name = whoCan)]
    pub fn who_can(&self, question: &str) -> Result<String, JsValue> {
        Ok(api::policy::who_can(&self.0, question)?)
    }

    /// See [`api::policy::what_can`].
    #[wasm_bindgen(js_name = whatCan)]
    pub fn what_can(&self, question: &str) -> Result<String, JsValue> {
        Ok(api::policy::what_can(&self.0, question)?)
    }

    /// See [`api::policy::authzen`].
    pub fn authzen(&self, request: &str) -> Result<String, JsValue> {
        Ok(api::policy::authzen(&self.0, request)?)
    }

    /// See [`api::policy::lint`].
    pub fn lint(&self, options: &str) -> Result<String, JsValue> {
        Ok(api::policy::lint(&self.0, options)?)
    }
}

/// See [`api::policy::is_environment`].
#[wasm_bindgen(js_name = isEnvironment)]
pub fn is_environment(entity: &str) -> Result<bool, JsValue> {
    Ok(api::policy::is_environment(entity)?)
}

/// See [`api::policy::diff`].
#[wasm_bindgen(js_name = diffPolicies)]
pub fn diff_policies(
    old: &str,
    new: &str,
    snapshot: &str,
    options: &str,
) -> Result<String, JsValue> {
    Ok(api::policy::diff(old, new, snapshot, options)?)
}

/// See [`api::policy::compile`].
#[wasm_bindgen(js_name = compilePolicy)]
pub fn compile_policy(files: &str, options: &str) -> Result<PolicyCompilation, JsValue> {
    Ok(PolicyCompilation(api::policy::compile(files, options)?))
}

// Exchange with other engines

/// See [`api::exchange::import_rhdh`].
#[wasm_bindgen(js_name = importRhdh)]
pub fn import_rhdh(files: &str, options: &str) -> Result<String, JsValue> {
    Ok(api::exchange::import_rhdh(files, options)?)
}

/// See [`api::exchange::compare_rhdh`].
#[wasm_bindgen(js_name = compareRhdh)]
pub fn compare_rhdh(files: &str, options: &str, directory: &str) -> Result<String, JsValue> {
    Ok(api::exchange::compare_rhdh(files, options, directory)?)
}

#[wasm_bindgen]
impl Policy {
    /// See [`api::exchange::export_cedar`].
    #[wasm_bindgen(js_name = exportCedar)]
    pub fn export_cedar(&self, snapshot: &str) -> Result<String, JsValue> {
        Ok(api::exchange::export_cedar(&self.0, snapshot)?)
    }
}

/// What [`compile_rhdh`] found.
#[wasm_bindgen]
pub struct RhdhCompilation(policy::import::Compilation);

#[wasm_bindgen]
impl RhdhCompilation {
    /// The problems, as JSON.
    pub fn diagnostics(&self) -> Result<String, JsValue> {
        Ok(api::exchange::diagnostics(&self.0)?)
    }

    /// The policy, the first time, unless there is an error.
    pub fn policy(&mut self) -> Option<RhdhPolicy> {
        self.0.policy.take().map(RhdhPolicy)
    }
}

/// Files of Red Hat's plugin, ready to decide as it does.
#[wasm_bindgen]
pub struct RhdhPolicy(policy::import::Rhdh);

#[wasm_bindgen]
impl RhdhPolicy {
    /// See [`api::exchange::set_directory`].
    #[wasm_bindgen(js_name = setDirectory)]
    pub fn set_directory(&mut self, directory: &str) -> Result<(), JsValue> {
        Ok(api::exchange::set_directory(&mut self.0, directory)?)
    }

    /// See [`api::exchange::decide`].
    pub fn decide(&self, request: &str) -> Result<String, JsValue> {
        Ok(api::exchange::decide(&self.0, request)?)
    }
}

/// See [`api::exchange::compile_rhdh`].
#[wasm_bindgen(js_name = compileRhdh)]
pub fn compile_rhdh(files: &str, options: &str) -> Result<RhdhCompilation, JsValue> {
    Ok(RhdhCompilation(api::exchange::compile_rhdh(
        files, options,
    )?))
}

impl From<ApiError> for JsValue {
    fn from(error: ApiError) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}

// Verifying

/// See [`api::verify::file`].
#[wasm_bindgen(js_name = verifyFile)]
pub fn verify_file(name: &str, content: &[u8], options: &str) -> Result<String, JsValue> {
    Ok(api::verify::file(name, content, options)?)
}

// Merging

/// See [`api::merge::file`].
#[wasm_bindgen(js_name = mergeFile)]
pub fn merge_file(
    base: Option<Vec<u8>>,
    ours: Option<Vec<u8>>,
    theirs: Option<Vec<u8>>,
    options: &str,
) -> Result<String, JsValue> {
    Ok(api::merge::file(
        base.as_deref(),
        ours.as_deref(),
        theirs.as_deref(),
        options,
    )?)
}

// Golden paths

/// See [`api::platform::cost`].
#[wasm_bindgen]
pub fn cost(
    name: &str,
    content: &[u8],
    sheet_name: &str,
    sheet: Option<Vec<u8>>,
) -> Result<String, JsValue> {
    Ok(api::platform::cost(
        name,
        content,
        sheet_name,
        sheet.as_deref(),
    )?)
}

/// See [`api::platform::environment`].
#[wasm_bindgen(js_name = planEnvironment)]
pub fn plan_environment(
    name: &str,
    content: &[u8],
    sheet_name: &str,
    sheet: Option<Vec<u8>>,
) -> Result<String, JsValue> {
    Ok(api::platform::environment(
        name,
        content,
        sheet_name,
        sheet.as_deref(),
    )?)
}

/// See [`api::platform::person`].
#[wasm_bindgen(js_name = planPerson)]
pub fn plan_person(name: &str, content: &[u8]) -> Result<String, JsValue> {
    Ok(api::platform::person(name, content)?)
}

/// See [`api::platform::edit`].
#[wasm_bindgen(js_name = editFiles)]
pub fn edit_files(request: &str) -> Result<String, JsValue> {
    Ok(api::platform::edit(request)?)
}

// Template engine

/// Renders texts and paths with one set of options, filters and globals.
#[wasm_bindgen]
pub struct Renderer(api::template::Renderer, api::desk::Desk);

/// Values for any number of renderings, copied once.
#[wasm_bindgen]
pub struct Context(crate::template::Context);

#[wasm_bindgen]
impl Renderer {
    /// See [`api::template::Renderer::new`]; `filters` is an object of functions, `globals` of anything,
    /// `templates` a function from a path to a content.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &str,
        filters: &JsValue,
        globals: &JsValue,
        templates: &JsValue,
    ) -> Result<Self, JsValue> {
        let host = js::host(filters, globals, templates);
        Ok(Self(
            api::template::Renderer::new(options, host)?,
            api::desk::Desk::default(),
        ))
    }

    /// See [`api::template::Renderer::render_text`].
    #[wasm_bindgen(js_name = renderText)]
    pub fn render_text(
        &self,
        name: &str,
        content: &[u8],
        context: &Context,
        target: Option<String>,
    ) -> Result<JsValue, JsValue> {
        js::answer(
            self.0
                .render_text(name, content, &context.0, target.as_deref())?,
        )
    }

    /// See [`api::template::Renderer::render_path`].
    #[wasm_bindgen(js_name = renderPath)]
    pub fn render_path(&self, path: &str, context: &Context) -> Result<JsValue, JsValue> {
        js::answer(self.0.render_path(path, &context.0)?)
    }
}

#[wasm_bindgen]
impl Renderer {
    /// See [`api::desk::Desk::name`].
    #[wasm_bindgen(js_name = nameText)]
    pub fn name_text(&self, name: String, target: Option<String>) {
        self.1.name(name, target);
    }

    /// See [`api::desk::Desk::room`].
    pub fn room(&self, bytes: usize) -> usize {
        self.1.room(bytes)
    }

    /// See [`api::desk::Desk::render`].
    #[wasm_bindgen(js_name = renderRoom)]
    pub fn render_room(&self, length: usize, context: &Context) -> Result<i32, JsValue> {
        let length = self.1.render(&self.0, length, &context.0)?;
        Ok(length.map_or(-1, |length| i32::try_from(length).unwrap_or(-1)))
    }

    /// See [`api::desk::Desk::output`].
    pub fn output(&self) -> usize {
        self.1.output()
    }

    /// See [`api::desk::Desk::answer`].
    pub fn answer(&self) -> Result<JsValue, JsValue> {
        self.1.answer().map_or(Ok(JsValue::UNDEFINED), js::answer)
    }
}

/// The core's memory; `memory` is its name among the exports already.
#[wasm_bindgen(js_name = coreMemory)]
pub fn core_memory() -> JsValue {
    wasm_bindgen::memory()
}

#[wasm_bindgen]
impl Renderer {
    /// See [`api::template::Renderer::branches`].
    pub fn branches(&self) -> Result<String, JsValue> {
        Ok(self.0.branches()?)
    }

    /// See [`api::template::Renderer::render_value`].
    #[wasm_bindgen(js_name = renderValue)]
    pub fn render_value(&self, request: &str, context: &Context) -> Result<String, JsValue> {
        Ok(self.0.render_value(request, &context.0)?)
    }
}

/// See [`api::template::lint`].
#[wasm_bindgen(js_name = lintTemplate)]
pub fn lint_template(files: &str, options: &str) -> Result<String, JsValue> {
    Ok(api::template::lint(files, options)?)
}

/// Copies an object of names into the core.
#[wasm_bindgen(js_name = prepareContext)]
pub fn prepare_context(context: &JsValue) -> Context {
    Context(js::context(context))
}

// Explaining

/// See [`api::explain::code`].
#[wasm_bindgen(js_name = explainCode)]
pub fn explain_code(code: &str) -> Result<String, JsValue> {
    Ok(api::explain::code(code)?)
}

/// See [`api::explain::all`].
#[wasm_bindgen(js_name = explainAll)]
pub fn explain_all() -> Result<String, JsValue> {
    Ok(api::explain::all()?)
}

/// See [`api::catalog::editor_schema`].
#[wasm_bindgen(js_name = editorSchema)]
pub fn editor_schema(options: &str, kind: Option<String>) -> Result<String, JsValue> {
    Ok(api::catalog::editor_schema(options, kind.as_deref())?)
}
